"""What sheets gave, kept so that an export whose bytes have not changed is not read again."""
