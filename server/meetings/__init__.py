"""会议: the branch meets; scanning is one of several equal ways to be on the list."""
