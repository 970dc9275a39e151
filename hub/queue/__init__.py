"""The doorbell: django-q2 with its ORM broker. Tasks carry no data; losing one costs at most one sweep.

A bell is a row in the database, written in the transaction of what it rings for. Many notices, one bell. What is due is
in our own rows: the bell only says "look". Nothing outside this folder knows django-q2.
"""

from hub.queue.doorbell import CHANNEL, Doorbell
from hub.queue.ringing import WORK, bells, last_beat, ring, ring_later
from hub.queue.stopping import is_over, is_stopping

__all__ = ["CHANNEL", "WORK", "Doorbell", "bells", "is_over", "is_stopping", "last_beat", "ring", "ring_later"]
