"""What `synthesise` can draw: one module a kind, each with `draw(rng, size) -> uint8 (size, size, 3) or (size, size)`."""
KINDS = ('aurora', 'clothing', 'clouds', 'flowers', 'waves')
