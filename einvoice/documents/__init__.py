"""Invoice files: what one says, where it says it, and where it contradicts itself."""
