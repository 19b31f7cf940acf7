"""What the user says of pictures: stars, ratings, albums. It stands in files of ours beside them."""
