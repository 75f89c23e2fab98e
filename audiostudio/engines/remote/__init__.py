"""What engines on other computers share: accounts and addresses, connections, errors, patience."""
