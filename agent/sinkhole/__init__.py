"""What answers at the loopback address that blocked names resolve to.

`dns`, `http`, `tls` and `attribution` take bytes or text and give values; `server` does the input
and output.
"""
