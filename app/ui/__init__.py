"""The window: widgets that show state and emit intents. They talk to the engine only."""
