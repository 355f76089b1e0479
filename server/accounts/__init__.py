"""账号: who signs in, the roles they hold, and the sessions that end when those change."""
