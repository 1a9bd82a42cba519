/** The version of the app, as in package.json; stored in every checkpoint. */
export const APP_VERSION = '0.1.0'
