"""What intake can be asked and told, one function each."""
