import { useState } from 'react'
import { Icon } from './Icon'

/** Only what a picture can be: an address of the web, or one that carries its own data. */
export const isPicture = (address: unknown): address is string =>
  typeof address === 'string' && /^(https?:\/\/|data:image\/|\/)/i.test(address)

/** A product's picture, or a sign in its place. The title stands beside it, so it says nothing to a screen reader. */
export function Picture({ src, className = '', iconSize = 22 }: { src?: unknown; className?: string; iconSize?: number }) {
  const [broken, setBroken] = useState<string>()
  return (
    <span className={`picture ${className}`}>
      {isPicture(src) && broken !== src ? (
        <img src={src} alt="" loading="lazy" decoding="async" referrerPolicy="no-referrer" onError={() => setBroken(src)} />
      ) : (
        <Icon name="picture" size={iconSize} />
      )}
    </span>
  )
}
