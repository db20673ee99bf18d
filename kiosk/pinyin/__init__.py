"""Chinese names typed in pinyin: what is being composed, and the characters that are offered."""
