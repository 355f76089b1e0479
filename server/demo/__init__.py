"""演示城市: the article's city in size, with invented people and places, so that every screen looks
alive. Not a room: it stands on the whole house, like the command line."""
