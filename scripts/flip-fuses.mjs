/**
 * flip-fuses: sets every fuse of the packed Electron, before anything is signed. A fuse that a
 * newer Electron brings and this file does not name ends the packing.
 *
 * Used by   electron-builder.yml (afterPack)
 */
import path from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

/** By name; what each means is in the README. */
export const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};

const NAMES = {
  darwin: (product) => `${product}.app`,
  win32: (product) => `${product}.exe`,
};

/** Called by electron-builder with the folder that it has packed. */
export async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  const name = NAMES[electronPlatformName]?.(productFilename) ?? packager.executableName;
  const wanted = Object.entries(FUSES).map(([fuse, isOn]) => [FuseV1Options[fuse], isOn]);
  await flipFuses(path.join(appOutDir, name), {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    ...Object.fromEntries(wanted),
  });
}
