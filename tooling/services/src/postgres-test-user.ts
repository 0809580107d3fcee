/** Who signs in to the test server of PostgreSQL. */
export const postgresTestUser = { name: 'holdfast', password: 'holdfast-test-password-7f3a' } as const;
