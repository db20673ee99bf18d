"""The screen for staff: who is signed in, which page they see, what they do there."""
