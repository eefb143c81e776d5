"""What endpoints and server say to each other, and how each proves who speaks."""
