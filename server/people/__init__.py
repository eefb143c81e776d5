"""Who may see pages: today the administrator of the server's machine, by a one-time link."""
