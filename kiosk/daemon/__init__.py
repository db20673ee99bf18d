"""The process that owns devices, queue and link."""
