"""What `synthesise` can draw: one module a kind, each with `draw(rng, size) -> uint8 (size, size, 3) or (size, size)`.

A kind with LOOKS, a list of names, can be asked for some of them: `draw(rng, size, only)`.
garden, cumulus, surf and northern are what painters paint (../stages.py): `stage(share, size) -> uint8 (size, size, 3)`."""
KINDS = ('aurora', 'clothing', 'clouds', 'flowers', 'scenes', 'waves')
