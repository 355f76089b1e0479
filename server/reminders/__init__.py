"""提醒: what is due reaches the inbox on time, once; a channel only adds a bell."""
