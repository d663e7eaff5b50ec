"""A service with nothing but the bus in it: each event leaves one mark, and marks may be doubled.

No constraint saves it from a second effect and no second event makes good for a lost one, so every
fault of the bus shows. Its processes are built from the same parts as those of the product.
"""
