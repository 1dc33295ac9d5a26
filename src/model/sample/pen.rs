//! Writing code line by line, indented, in pieces with classes.
//!
//! Only literals get a class, and each literal is one element, bodies included: the samples of
//! eight languages with every token in an element would be thousands of elements a page.

use crate::rich::code::{Class, ClassedCode};

/// Code that is being written.
pub(super) struct Pen {
    code: ClassedCode,
    unit: &'static str,
    depth: usize,
    is_line_start: bool,
}

impl Pen {
    /// Starts a file whose blocks are indented by `unit`.
    pub(super) fn new(unit: &'static str) -> Pen {
        Pen {
            code: ClassedCode::new(),
            unit,
            depth: 0,
            is_line_start: true,
        }
    }

    /// Writes text without a class: names, operators, keywords.
    pub(super) fn add(&mut self, text: &str) -> &mut Pen {
        self.push(None, text)
    }

    /// Writes a literal; if it has several lines, they are not indented.
    pub(super) fn string(&mut self, text: &str) -> &mut Pen {
        self.push(Some(Class::String), text)
    }

    /// Ends the line.
    pub(super) fn end(&mut self) -> &mut Pen {
        self.code.push_plain("\n");
        self.is_line_start = true;
        self
    }

    /// Writes a whole line without literals.
    pub(super) fn line(&mut self, text: &str) -> &mut Pen {
        if !text.is_empty() {
            self.add(text);
        }
        self.end()
    }

    /// Writes lines without literals; their own indentation is added to that of the block.
    pub(super) fn lines(&mut self, lines: &[&str]) -> &mut Pen {
        for line in lines {
            self.line(line);
        }
        self
    }

    /// Begins a block: the next line is indented.
    pub(super) fn indent(&mut self) -> &mut Pen {
        self.depth += 1;
        self
    }

    /// Ends a block.
    pub(super) fn dedent(&mut self) -> &mut Pen {
        self.depth -= 1;
        self
    }

    /// Returns the depth of the next line.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Returns the code, without a line end at its end.
    // Pages and files add the last line end themselves.
    pub(super) fn finish(self) -> ClassedCode {
        // Pieces are cut by length, since a line end may be a part of the last piece.
        let end = self.code.to_text().trim_end_matches('\n').len();
        let mut code = ClassedCode::new();
        let mut written = 0;
        for (class, piece) in self.code.pieces() {
            let piece = &piece[..piece.len().min(end - written)];
            code.push_piece(class, piece);
            written += piece.len();
            if written == end {
                break;
            }
        }
        code
    }

    fn push(&mut self, class: Option<Class>, text: &str) -> &mut Pen {
        if self.is_line_start {
            // Not before empty lines, which formatters strip.
            for _ in 0..self.depth {
                self.code.push_plain(self.unit);
            }
            self.is_line_start = false;
        }
        self.code.push_piece(class, text);
        self
    }
}
