/** Who may do everything on the test server of Azure; from the environment where a server of your own is named there. */
export const azureTestAccount: { readonly account: string; readonly accountKey: string } = {
  account: process.env['HOLDFAST_TEST_AZURE_ACCOUNT'] ?? 'holdfasttest',
  accountKey:
    process.env['HOLDFAST_TEST_AZURE_ACCOUNT_KEY'] ??
    Buffer.from('holdfast-test-secret-of-an-azure-account').toString('base64'),
};
