"""What machines use, by audience. Each handler is thin: parse, call, answer."""
