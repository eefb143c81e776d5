"""What people use: HTML only, rendered here, in Dutch and English."""
