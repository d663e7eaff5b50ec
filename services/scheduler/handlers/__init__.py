"""One function for each thing the scheduler can be told or asked."""
