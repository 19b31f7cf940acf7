"""The Hugging Face hub: its client, its cache, downloads and licences."""
