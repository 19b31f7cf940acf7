"""What the models of one family have in common, whatever computes them: how prompts are read and schedules shifted."""
