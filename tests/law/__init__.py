"""Laws that hold for every plan and every inventory, tried on estates of several makers."""
