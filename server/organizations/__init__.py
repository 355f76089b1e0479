"""组织: the units that send, the communities and enterprises that host, the temporary branches."""
