"""Files of payment gateways: recognised, taken in row by row, and each deposit explained to the cent."""
