"""What differs by operating system: the only place that starts programs or reads /proc."""
