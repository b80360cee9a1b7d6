/** The pages there are, in the order of the menu. */
export const navigation = [
  { to: '/$environment/overview', label: 'Overview', icon: 'overview' },
  { to: '/$environment/sandbox', label: 'Sandbox', icon: 'sandbox' },
  { to: '/$environment/storefront', label: 'Storefront', icon: 'shop' },
  { to: '/$environment/data', label: 'Data', icon: 'data' },
  { to: '/$environment/live', label: 'Live', icon: 'live' },
  { to: '/$environment/engines', label: 'Engines', icon: 'engine' },
  { to: '/$environment/keys', label: 'Keys and API', icon: 'keys' },
  { to: '/$environment/settings', label: 'Settings', icon: 'settings' },
] as const
