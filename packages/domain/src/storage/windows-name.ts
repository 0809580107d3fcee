const characters = /[<>:"\\|?*]/;
const dropped = /[. ]$/;

/** With any extension, and with spaces before it: `nul .txt` is the device too. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;

/**
 * What Windows reads a name as, where that is not the name of one file in its folder: another path, a drive, a stream,
 * a device, or a shorter name. `undefined` for every name without control characters that
 * it takes as it is.
 *
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
export function whyNotWindowsName(name: string): string | undefined {
  if (characters.test(name)) return 'has a character that means something else there';
  if (dropped.test(name)) return 'ends with a dot or a space, which is dropped there';
  if (devices.test(name)) return 'is the name of a device there';
  return undefined;
}
