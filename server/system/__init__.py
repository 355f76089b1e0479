"""系统: what whoever runs the machine needs to see: the worker's heartbeat, the queue, what failed
and why; never a case, never who does how much."""
