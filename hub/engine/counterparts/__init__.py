"""Records that are kept alike in two systems, such as a store's customers and the books' clients."""
