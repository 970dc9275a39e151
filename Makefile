# Everything below needs Python 3.11 or newer, and nothing else: bootstrap.py makes the environment.
RUN = @python3 bootstrap.py

demo:  # the hub with simulated stores and books, a day of trade, and proof; EXIT=1 leaves afterwards
	$(RUN) manage.py demo $(if $(EXIT),--exit)

run:  # the hub with your own data in var/: web server and worker
	$(RUN) manage.py dev

test:  # everything that must hold before a change is taken
	$(RUN) --dev -m tests.suite

lint:
	$(RUN) --dev -m tests.suite quality

chaos: export CHAOS_SEEDS = $(or $(SEEDS),20)
chaos:  # kills processes and injects faults, on both databases; SEEDS=5 plays fewer months
	$(RUN) --dev -m tests.suite chaos

month: export MONTH_SEEDS = $(or $(SEEDS),10)
month: export MONTH_ORDERS = $(or $(ORDERS),1000)
month:  # whole months of mixed trade under every rounding rule of the books; SEEDS=2 ORDERS=300 plays less
	$(RUN) --dev -m tests.suite month

interleavings: export INTERLEAVINGS = $(or $(TIMES),1000)
interleavings:  # edits on both sides of customers and clients, in random orders with kills and lost answers, on both databases
	$(RUN) --dev -m tests.suite interleavings

bench:  # what an order costs, each figure beside a baseline and its aim, on both databases
	$(RUN) --dev -m tests.bench

.PHONY: demo run test lint chaos month interleavings bench
