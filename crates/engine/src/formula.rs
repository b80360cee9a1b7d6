//! Formulas of an order: `sale_price / (1 + log10(custom_attributes.sales))`.
//!
//! Operators from loosest to tightest: `+ -`, `* / %`, a sign, `^` and `**` (to the right). Names are fields and scores.

use crate::limits::{FORMULA_CHARS_MAX, FORMULA_DEPTH_MAX};

/// A formula, ready to be evaluated for product after product.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    Number(f64),
    /// The place of a name in the list that [`Formula::parse`] gives.
    Name(usize),
    Negative(Box<Formula>),
    Operation(Operator, Box<Formula>, Box<Formula>),
    Call(Function, Vec<Formula>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
    Power,
}

/// The functions of the contract.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Function {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
    /// One argument or more.
    Least,
    Greatest,
}

fn function(name: &str) -> Option<Function> {
    use Function::{Greatest, Least, One, Two};
    Some(match name {
        "pow" => Two(f64::powf),
        "sqrt" => One(f64::sqrt),
        "exp" => One(f64::exp),
        "log" => One(f64::ln),
        "log2" => One(f64::log2),
        "log10" => One(f64::log10),
        "maximum" | "max" => Greatest,
        "minimum" | "min" => Least,
        "abs" => One(f64::abs),
        "round" => One(f64::round),
        "floor" => One(f64::floor),
        "ceil" => One(f64::ceil),
        "sin" => One(f64::sin),
        "cos" => One(f64::cos),
        "tan" => One(f64::tan),
        "asin" => One(f64::asin),
        "acos" => One(f64::acos),
        "atan" => One(f64::atan),
        _ => return None,
    })
}

impl Formula {
    /// Reads a formula, and the names in it, each once.
    ///
    /// # Errors
    /// What is wrong, and at which character (from 0).
    pub(crate) fn parse(text: &str) -> Result<(Formula, Vec<String>), String> {
        if text.chars().count() > FORMULA_CHARS_MAX {
            return Err(format!("A formula has at most {FORMULA_CHARS_MAX} characters."));
        }
        let mut parser = Parser { text, at: 0, depth: 0, names: Vec::new() };
        let formula = parser.sum()?;
        parser.skip_space();
        if parser.at < text.len() {
            return Err(parser.unexpected());
        }
        Ok((formula, parser.names))
    }

    /// Its value where the names have these values. Not finite where it is undefined: a division by 0, the root of -1.
    pub(crate) fn value(&self, names: &[f64]) -> f64 {
        match self {
            Formula::Number(number) => *number,
            Formula::Name(at) => names[*at],
            Formula::Negative(formula) => -formula.value(names),
            Formula::Operation(operator, left, right) => {
                let (left, right) = (left.value(names), right.value(names));
                match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over => left / right,
                    Operator::Modulo => left % right,
                    Operator::Power => left.powf(right),
                }
            }
            Formula::Call(function, arguments) => {
                let mut values = arguments.iter().map(|argument| argument.value(names));
                let first = values.next().unwrap_or(f64::NAN);
                match function {
                    Function::One(function) => function(first),
                    Function::Two(function) => function(first, values.next().unwrap_or(f64::NAN)),
                    Function::Least => values.fold(first, f64::min),
                    Function::Greatest => values.fold(first, f64::max),
                }
            }
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    names: Vec<String>,
}

impl Parser<'_> {
    fn sum(&mut self) -> Result<Formula, String> {
        self.depth += 1;
        if self.depth > FORMULA_DEPTH_MAX {
            return Err(format!("A formula is at most {FORMULA_DEPTH_MAX} parentheses deep."));
        }
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Some('+') => Operator::Plus,
                Some('-') => Operator::Minus,
                _ => break,
            };
            self.at += 1;
            left = Formula::Operation(operator, Box::new(left), Box::new(self.product()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, String> {
        let mut left = self.signed()?;
        loop {
            let operator = match self.peek() {
                Some('*') => Operator::Times,
                Some('/') => Operator::Over,
                Some('%') => Operator::Modulo,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Formula::Operation(operator, Box::new(left), Box::new(self.signed()?));
        }
    }

    fn signed(&mut self) -> Result<Formula, String> {
        let mut negative = false;
        while let Some(sign @ ('+' | '-')) = self.peek() {
            self.at += 1;
            negative ^= sign == '-';
        }
        let formula = self.power()?;
        Ok(if negative { Formula::Negative(Box::new(formula)) } else { formula })
    }

    fn power(&mut self) -> Result<Formula, String> {
        let base = self.operand()?;
        self.skip_space();
        let rest = &self.text[self.at..];
        let operator = if rest.starts_with("**") { 2 } else { usize::from(rest.starts_with('^')) };
        if operator == 0 {
            return Ok(base);
        }
        self.at += operator;
        self.depth += 1;
        if self.depth > FORMULA_DEPTH_MAX {
            return Err(format!("A formula is at most {FORMULA_DEPTH_MAX} powers deep."));
        }
        let exponent = self.signed()?;
        self.depth -= 1;
        Ok(Formula::Operation(Operator::Power, Box::new(base), Box::new(exponent)))
    }

    fn operand(&mut self) -> Result<Formula, String> {
        match self.peek() {
            Some('(') => {
                self.at += 1;
                let formula = self.sum()?;
                self.expect(')')?;
                Ok(formula)
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => self.name(),
            _ => Err(self.unexpected()),
        }
    }

    fn number(&mut self) -> Result<Formula, String> {
        let rest = &self.text[self.at..];
        let mut end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        if let Some(exponent) = rest[end..].strip_prefix(['e', 'E']) {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let count = digits.bytes().take_while(u8::is_ascii_digit).count();
            if count > 0 {
                end = rest.len() - digits.len() + count;
            }
        }
        let number = rest[..end].parse().map_err(|_| self.unexpected())?;
        self.at += end;
        Ok(Formula::Number(number))
    }

    fn name(&mut self) -> Result<Formula, String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').unwrap_or(rest.len());
        let (start, name) = (self.at, rest[..end].to_owned());
        self.at += end;
        if self.peek() == Some('(') {
            let Some(function) = function(&name) else {
                return Err(format!("There is no function `{name}` (at position {start})."));
            };
            self.at += 1;
            let mut arguments = vec![self.sum()?];
            while self.peek() == Some(',') {
                self.at += 1;
                arguments.push(self.sum()?);
            }
            self.expect(')')?;
            let wanted = match function {
                Function::One(_) => arguments.len() == 1,
                Function::Two(_) => arguments.len() == 2,
                Function::Least | Function::Greatest => true,
            };
            if !wanted {
                return Err(format!("`{name}` (at position {start}) has another number of arguments."));
            }
            return Ok(Formula::Call(function, arguments));
        }
        let place = self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        Ok(Formula::Name(place))
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        if self.peek() != Some(wanted) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_space();
        self.text[self.at..].chars().next()
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.text[self.at..].trim_start().len();
    }

    fn unexpected(&self) -> String {
        let position = self.text[..self.at].chars().count();
        match self.text[self.at..].chars().next() {
            Some(c) => format!("The formula cannot be read at position {position}: `{c}` was not expected."),
            None => "The formula ends too soon.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
