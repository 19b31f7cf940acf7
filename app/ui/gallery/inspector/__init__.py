"""What is known of the selected pictures, beside the gallery."""
