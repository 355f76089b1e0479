"""待确认: what the rules could not place is kept, held, and shown to the host or the organizer, who
accepts it or returns it with a sentence. Nothing is ever refused and forgotten."""
