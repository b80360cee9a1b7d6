import type { ComponentProps, CSSProperties, ReactNode } from 'react'

interface Props extends Omit<ComponentProps<'span'>, 'color'> {
  /** A colour of the theme. */
  color?: string
  variant?: 'light' | 'outline'
  size?: 'sm'
  miw?: number
  leftSection?: ReactNode
}

/** A word or two on a tint of their own colour. A plain element, as there may be one in each row of a table. */
export function Badge({ color = 'ai', variant = 'light', size, miw, leftSection, style, className = '', children, ...rest }: Props) {
  const own = { '--tint': variant === 'light' ? `var(--mantine-color-${color}-light)` : 'transparent', '--ink': `var(--mantine-color-${color}-light-color)`, minWidth: miw, ...style } as CSSProperties
  return (
    <span className={`badge ${className}`} data-size={size} data-outline={variant === 'outline' || undefined} style={own} {...rest}>
      {leftSection}
      {children}
    </span>
  )
}
