"""What the hub costs, each figure beside a baseline of the same run and beside its aim. `python -m tests.bench [NAME …]`.

Nothing here is a test: how long something takes says nothing about whether it is right.
"""
