import { ExitCode, UserError } from "../../settings";

/** A wallet address: 0x and 40 hexadecimal digits, 42 characters as in `wallet_address VARCHAR(42)` (S4-03). */
const ADDRESS = /^0[xX][0-9a-fA-F]{40}$/;

/** The same as a regular expression of PostgreSQL. */
export const ADDRESS_SQL = "^0[xX][0-9a-fA-F]{40}$";

/** Whether a text is a wallet address, in any letter case. */
export const isWalletAddress = (text: string): boolean => ADDRESS.test(text);

/**
 * The one spelling of a wallet. Mixed case is a checksum (EIP-55) that wallets show and old software leaves out: the same
 * 20 bytes in another case are the same wallet.
 * @throws UserError for anything else. The text itself is not repeated: it is what the encryption hides.
 */
export function normaliseWallet(address: string): string {
  if (!isWalletAddress(address))
    throw new UserError(
      `This is no wallet address: it has ${address.length} characters. A wallet address is 0x and 40 hexadecimal digits.`,
      ExitCode.usage,
    );
  return address.toLowerCase();
}
