"""The months and days of the pictures, beside the gallery: a press goes there."""
