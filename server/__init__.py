"""The organisation: enrols devices, decides, publishes signed lists, counts what is met."""
