"""What is known of one family of models alone, as figures."""
