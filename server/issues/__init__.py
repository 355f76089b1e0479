"""民情台账: what a resident needs, followed until it is solved; each step is its own record."""
