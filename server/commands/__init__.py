"""The commands of `sluis`, a file a group. Each has two functions: NAME_arguments and NAME.

A module is imported when one of its commands is asked for, so that every command starts fast.
"""
