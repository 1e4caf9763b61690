"""What exchanges already send to a well-known CRM: register, finish, attach. See README.md."""
