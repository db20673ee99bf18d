"""A whole terminal on one machine: simulated devices, a steering panel, a walk through it."""
