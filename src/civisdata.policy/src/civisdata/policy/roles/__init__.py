"""Staff: LDAP groups to roles."""
